"""Tests of the AWS that other tests run against."""
