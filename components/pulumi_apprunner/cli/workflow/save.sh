docker save --output "$RUNNER_TEMP/image.tar" "$BUILT"
sum=$(sha256sum "$RUNNER_TEMP/image.tar")
echo "sha256=${sum%% *}" >>"$GITHUB_OUTPUT"
