region=$(cut -d : -f 4 <<<"$SERVICE_ARN")
call() { aws apprunner "$1" --region "$region" --service-arn "$SERVICE_ARN" --output text "${@:2}"; }
status() { call list-operations --no-paginate --query "OperationSummaryList[?$1] | [0].Status"; }
active="contains(['PENDING', 'IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'], Status)"

# App Runner rejects a deployment during another operation.
current=$(status "$active")
while [ "$current" != None ]; do
  echo "Waiting for an operation in progress"
  sleep 10
  current=$(status "$active")
done

docker tag "$IMAGE" "$REPOSITORY:$TAG"
docker push --quiet "$REPOSITORY:$TAG"
operation=$(call start-deployment --query OperationId)
echo "Started the deployment $operation of $PUSHED"

# The service's own status proves nothing: it is RUNNING again after a rollback.
result=None
while [[ $result =~ ^(None|PENDING|IN_PROGRESS|ROLLBACK_IN_PROGRESS)$ ]]; do
  sleep 10
  result=$(status "Id=='$operation'")
done
echo "The deployment ended: $result" | tee -a "$GITHUB_STEP_SUMMARY"
[ "$result" != SUCCEEDED ] || exit 0

group=/aws/apprunner/${SERVICE_ARN#*:service/}/service
echo "::error title=Deployment failed::The deployment $operation ended $result. Below is the end of its log, $group"
# With a prefix, no line of the log is a command for GitHub's runner.
aws logs get-log-events --region "$region" --log-group-name "$group" --log-stream-name "deployment/$operation" \
  --limit 50 --query 'events[].[message]' --output text | sed 's/^/| /' ||
  echo "::warning title=No log::The log could not be read. The role needs logs:GetLogEvents on $group"
exit 1
