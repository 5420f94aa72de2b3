/** Questions to the machine: JSON from `/_local/api`. */

/**
 * @param {string} path Below `/_local/api/`.
 * @param {{ method?: string, body?: unknown, signal?: AbortSignal }} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, { method = 'GET', body, signal } = {}) {
  const response = await fetch(`/_local/api/${path}`, {
    method,
    signal,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `the machine answered ${response.status}`);
  return answer;
}

/** The letters that the market has sent. @param {string} to One address; empty for all. @param {AbortSignal} signal */
export async function letters(to, signal) {
  const response = await fetch(`/_mail${to ? `?${new URLSearchParams({ to })}` : ''}`, { signal });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `the machine answered ${response.status}`);
  return answer;
}

/**
 * The time of the market.
 * @param {string | undefined} duration ISO 8601; advances the clock by it first.
 * @param {AbortSignal} signal
 */
export async function clock(duration, signal) {
  const advance = { method: 'POST', body: JSON.stringify({ advance: duration }) };
  const response = await fetch('/_clock', { ...(duration ? advance : {}), signal });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `the machine answered ${response.status}`);
  return answer;
}

/** Puts a text onto the clipboard. @param {string} text @returns {Promise<boolean>} Whether the browser allowed it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
