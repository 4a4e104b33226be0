registry=${REPOSITORY%%/*}
region=$(cut -d . -f 4 <<<"$registry")
aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "$registry"
docker push --quiet "$IMAGE"
pushed=$(docker inspect --format '{{index .RepoDigests 0}}' "$IMAGE")
echo "PUSHED=$pushed" >>"$GITHUB_ENV"
echo "Pushed \`$pushed\`" >>"$GITHUB_STEP_SUMMARY"
