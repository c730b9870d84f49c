// How long a look may wait for an answer that comes at once from every server that is well.

/** A connection may use its own limit up first, so that one that was made without an answer is told apart from none. */
const SHARE_OF_CONNECT_LIMIT = 1.2;

/** @param connectMs the limit for the connection alone */
export function answerLimitMs(connectMs: number): number {
  return connectMs * SHARE_OF_CONNECT_LIMIT;
}
