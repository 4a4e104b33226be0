pulumi install
# The command apprunner is in the program's environment.
[ -z "$VIRTUALENV" ] || echo "$PWD/$VIRTUALENV/bin" >>"$GITHUB_PATH"
