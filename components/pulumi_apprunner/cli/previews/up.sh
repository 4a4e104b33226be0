stack=pr-$NUMBER
# Counted from the event, not from now: a second attempt of this run changes nothing.
expires=$(date --utc --date "${UPDATED%T*} +$DAYS days" +%F)
if [[ ! $expires > $(date --utc +%F) ]]; then
  echo "::error title=Expired::The event of this run is too old: its environment expired on $expires. Push a commit to the pull request, or reopen it"
  exit 1
fi
apprunner previews check "$NUMBER" --limit "$LIMIT"
cp "$TEMPLATE" "$(dirname "$TEMPLATE")/Pulumi.$stack.yaml"
pulumi stack select --create "$stack"
pulumi config set --stack "$stack" --path "$PROJECT:preview.number" "$NUMBER"
pulumi config set --stack "$stack" --path "$PROJECT:preview.expires" "$expires"
if [ -n "${IMAGE_KEY:-}" ]; then
  pulumi config set --stack "$stack" --path "$IMAGE_KEY" "$PUSHED"
fi
# It waits for the deployments, and fails with the end of a service's log after a rollback.
pulumi up --stack "$stack" --refresh --yes --skip-preview
{
  echo "Environment of pull request $NUMBER, until $expires:"
  echo '```'
  pulumi stack output --stack "$stack"
  echo '```'
} >>"$GITHUB_STEP_SUMMARY"
