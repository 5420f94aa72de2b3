//! The three functions that the page calls, and the only unsafe code: they take and give addresses in the module's
//! memory.
//!
//! A call: [`allocate`] a block, write the message into it, [`score`] it, read the answer, [`release`] both blocks.

#![expect(unsafe_code, reason = "the page knows blocks of memory by their addresses alone")]

use std::alloc::{Layout, alloc, dealloc};

use crate::answer::answer;

/// Every block begins at a multiple of this many bytes, so that floats may lie in it.
const ALIGNMENT: usize = 8;
/// Bytes in front of an answer's numbers: how many numbers there are, as a 32-bit number, and padding.
const HEADER_BYTES: usize = 8;

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.max(1), ALIGNMENT).ok()
}

/// A block of `size` bytes, with unspecified contents. Null if there is no room.
#[unsafe(no_mangle)]
extern "C" fn allocate(size: usize) -> *mut u8 {
    // SAFETY: the layout has at least one byte.
    layout(size).map_or(std::ptr::null_mut(), |layout| unsafe { alloc(layout) })
}

/// Frees a block.
///
/// # Safety
/// The block must come from [`allocate`] with the same `size`, or from [`score`] with the size of its answer, and must
/// not have been freed.
#[unsafe(no_mangle)]
unsafe extern "C" fn release(block: *mut u8, size: usize) {
    if let (Some(layout), false) = (layout(size), block.is_null()) {
        // SAFETY: the caller promises that the block has this layout and is freed once.
        unsafe { dealloc(block, layout) };
    }
}

/// Answers the message in the first `size` bytes of a block. Gives a block of 8 + 4 × n bytes: n as a 32-bit number,
/// four bytes of padding, n floats. Null for a message that is no request.
///
/// # Safety
/// `size` bytes from `message` on must be written, and must stay as they are during the call.
#[unsafe(no_mangle)]
unsafe extern "C" fn score(message: *const u8, size: usize) -> *mut u8 {
    if message.is_null() {
        return std::ptr::null_mut();
    }
    // SAFETY: the caller promises that these bytes are written and stay.
    let message = unsafe { std::slice::from_raw_parts(message, size) };
    let Some(numbers) = answer(message) else { return std::ptr::null_mut() };
    let bytes = HEADER_BYTES + size_of_val(numbers.as_slice());
    let block = allocate(bytes);
    if block.is_null() {
        return block;
    }
    // SAFETY: the block has room for the header and all numbers, and nothing else refers to it yet.
    let block_bytes = unsafe {
        block.write_bytes(0, bytes);
        std::slice::from_raw_parts_mut(block, bytes)
    };
    let (header, body) = block_bytes.split_at_mut(HEADER_BYTES);
    header[..4].copy_from_slice(&(numbers.len() as u32).to_le_bytes());
    for (place, number) in body.chunks_exact_mut(4).zip(&numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_no_request_gives_null_and_blocks_are_freed() {
        let block = allocate(3);
        assert!(block.addr().is_multiple_of(ALIGNMENT));
        // SAFETY: the block has three bytes, which are written first, and is freed once.
        unsafe {
            block.write_bytes(0xFF, 3);
            assert!(score(block, 3).is_null());
            release(block, 3);
            release(std::ptr::null_mut(), 3);
            assert!(score(std::ptr::null(), 3).is_null());
        }
    }
}
