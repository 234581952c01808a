//! stub
#[derive(Debug)]
pub struct Verified;
#[derive(Debug)]
pub struct VerifyError;
