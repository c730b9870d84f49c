// Text from bytes that a person or a server may have written in UTF-16: the mark at their beginning tells.

/** As text: UTF-16 where its mark stands first, else UTF-8; the mark is no part of it. */
export function textOfBytes(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8').decode(bytes);
}
