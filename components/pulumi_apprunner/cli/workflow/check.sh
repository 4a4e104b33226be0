missing=0
for name in $REQUIRED; do
  if [ -z "${!name}" ]; then
    echo "::error title=Missing variable::${PREFIX}_$name is required. Set it in the settings of the repository or of the environment"
    missing=1
  fi
done
# A new tag for each run: the tags of the repository may be immutable.
[ -z "${REPOSITORY:-}" ] || echo "IMAGE=$REPOSITORY:${GITHUB_SHA::12}-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT" >>"$GITHUB_ENV"
exit "$missing"
