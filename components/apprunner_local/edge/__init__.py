"""The fake CloudFront KeyValueStore, and the inputs of CloudFront's resources."""
