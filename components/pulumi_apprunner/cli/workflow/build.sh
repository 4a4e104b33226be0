# App Runner runs x86-64. Without the provenance, the digest is that of the image and not of an index.
docker build --platform linux/amd64 --provenance=false --file "$DOCKERFILE" --tag "$BUILT" "$CONTEXT"
