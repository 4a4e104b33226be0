"""The GitHub Actions workflow that builds an image and deploys it."""
