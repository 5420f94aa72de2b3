//! Black-box tests of the whole market through the local runner.
