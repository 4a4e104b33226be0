registry=${REPOSITORY%%/*}
region=$(cut -d . -f 4 <<<"$registry")
aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "$registry"
docker tag "$BUILT" "$IMAGE"
docker push --quiet "$IMAGE"
digest=$(aws ecr batch-get-image --region "$region" --registry-id "${registry%%.*}" \
  --repository-name "${REPOSITORY#*/}" --image-ids "imageTag=${IMAGE##*:}" \
  --query 'images[0].imageId.imageDigest' --output text)
echo "PUSHED=$REPOSITORY@$digest" >>"$GITHUB_ENV"
echo "Pushed \`$REPOSITORY@$digest\`" >>"$GITHUB_STEP_SUMMARY"
