//! ES256 for `jsonwebtoken`: signed by RustCrypto's p256, checked by ring.
//!
//! The library's own providers bring RSA, P-384 and Ed25519 into every function. This provider has one algorithm, so no
//! mistake elsewhere can make a function accept another. Every request checks a signature: ring needs a quarter of
//! p256's time, and TLS needs ring anyway. Few requests sign, and p256 signs deterministically.

use std::sync::Once;

use jsonwebtoken::{
    Algorithm,
    AlgorithmFamily,
    DecodingKey,
    EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    // The version of the traits that the library uses; p256 uses the next version under the same names.
    signature,
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// Installs this provider for the process. The library needs it before any other call. Repeated calls do nothing.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // This fails only if another provider is installed, and nothing else in this workspace installs one.
        let _ = PROVIDER.install_default();
    });
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::ES256 || key.family() != AlgorithmFamily::Ec {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let key = SigningKey::from_slice(key.as_bytes()).map_err(|_| ErrorKind::InvalidEcdsaKey)?;
    Ok(Box::new(Signer(key)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if *algorithm != Algorithm::ES256 || key.family() != AlgorithmFamily::Ec {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(Verifier(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.try_get_as_bytes()?.to_vec()))))
}

/// Signs deterministically (RFC 6979): the same message gives the same signature, and no random number can leak the
/// key.
struct Signer(SigningKey);

impl signature::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        let signature: Signature = self.0.try_sign(message).map_err(|_| signature::Error::new())?;
        Ok(signature.to_bytes().to_vec())
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

/// The public key is an uncompressed point (SEC 1, section 2.3.3).
struct Verifier(UnparsedPublicKey<Vec<u8>>);

impl signature::Verifier<Vec<u8>> for Verifier {
    /// The signature is the 64 bytes of r and s (RFC 7518, section 3.4), never DER.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        self.0.verify(message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}
