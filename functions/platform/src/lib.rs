//! functions/platform
