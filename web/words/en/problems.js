/** Refusals of the API by their `code`. A code that is missing here is shown in the API's own words. */
export default {
  unauthorized: 'Please sign in first.',
  forbidden: 'This belongs to somebody else.',
  not_found: 'This does not exist, or no longer does.',
  invalid_credentials: 'The e-mail address or the password is wrong.',
  email_taken: 'This e-mail address already has an account.',
  validation_failed: 'Please look at the marked fields.',
  too_many_open_projects: 'You have as many open projects as an account may have. Close one first.',
  conflict: 'Somebody else changed this at the same moment. Please try again.',
  precondition_failed: 'This has changed since you opened it.',
  request_in_progress: 'The same request is still being handled.',
  too_large: 'This is too large to send.',
  invalid_cursor: 'This list has changed. Please load it again.',
  busy: 'The market is busy. Please try again in a moment.',
  internal: 'Internal error. Please try again.',
};
