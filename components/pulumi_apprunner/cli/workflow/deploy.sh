region=$(cut -d : -f 4 <<<"$SERVICE_ARN")
call() { aws apprunner "$1" --region "$region" --service-arn "$SERVICE_ARN" --output text "${@:2}"; }
status() { call list-operations --no-paginate --query "OperationSummaryList[?$1] | [0].Status"; }
active="contains(['PENDING', 'IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'], Status)"

registry=${REPOSITORY%%/*}
ecr() {
  aws ecr "$1" --region "$(cut -d . -f 4 <<<"$registry")" --registry-id "${registry%%.*}" \
    --repository-name "${REPOSITORY#*/}" --output text "${@:2}"
}
image() { ecr batch-get-image --image-ids "$1" --query "images[0].$2"; }

# Otherwise the next deployment, or a new service, would get the image that failed. The tag moves without a pull:
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
move_tag_back() {
  case $previous in None | "$digest") return ;; esac
  if [ "$(image "imageTag=$TAG" imageId.imageDigest)" != "$digest" ]; then
    echo "The tag $TAG is not moved back: it names another image now"
  elif manifest=$(image "imageDigest=$previous" imageManifest) && [ "$manifest" != None ] &&
    type=$(image "imageDigest=$previous" imageManifestMediaType) &&
    ecr put-image --image-tag "$TAG" --image-digest "$previous" --image-manifest "$manifest" \
      --image-manifest-media-type "$type" --query image.imageId.imageDigest >/dev/null; then
    echo "The tag $TAG names the previous image again: $previous" | tee -a "$GITHUB_STEP_SUMMARY"
  else
    echo "::warning title=Tag not moved back::$TAG still names the image that failed, $digest, and not $previous"
  fi
}

# App Runner rejects a deployment during another operation.
current=$(status "$active")
while [ "$current" != None ]; do
  echo "Waiting for an operation in progress"
  sleep 10
  current=$(status "$active")
done

digest=${PUSHED#*@}
previous=$(image "imageTag=$TAG" imageId.imageDigest)
docker tag "$IMAGE" "$REPOSITORY:$TAG"
docker push --quiet "$REPOSITORY:$TAG"
operation=$(call start-deployment --query OperationId) || {
  code=$?
  move_tag_back
  exit "$code"
}
echo "Started the deployment $operation of $PUSHED"

# The service's own status proves nothing: it is RUNNING again after a rollback.
result=None
while [[ $result =~ ^(None|PENDING|IN_PROGRESS|ROLLBACK_IN_PROGRESS)$ ]]; do
  sleep 10
  result=$(status "Id=='$operation'")
done
echo "The deployment ended: $result" | tee -a "$GITHUB_STEP_SUMMARY"
[ "$result" != SUCCEEDED ] || exit 0

move_tag_back
group=/aws/apprunner/${SERVICE_ARN#*:service/}/service
echo "::error title=Deployment failed::The deployment $operation ended $result. Below is the end of its log, $group"
# With a prefix, no line of the log is a command for GitHub's runner.
aws logs get-log-events --region "$region" --log-group-name "$group" --log-stream-name "deployment/$operation" \
  --limit 50 --query 'events[].[message]' --output text | sed 's/^/| /' ||
  echo "::warning title=No log::The log could not be read. The role needs logs:GetLogEvents on $group"
exit 1
