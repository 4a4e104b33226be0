# Only this job's copy of the stack file changes.
pulumi config set --stack "$STACK" --path "$IMAGE_KEY" "$PUSHED"
if [ -n "${MANAGED_BY_KEY:-}" ]; then
  pulumi config set --stack "$STACK" --path "$MANAGED_BY_KEY" pulumi
fi
# It waits for the deployment, and fails with the end of the service's log after a rollback.
pulumi up --stack "$STACK" --refresh --yes --skip-preview
