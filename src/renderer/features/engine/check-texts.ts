// Which texts can be a setting of the engine, before main is asked.

/** Numbers or ids of graphics cards: `0`, `0,1`, `GPU-8f2c`, `-1` for none. */
export function areGpuDevices(text: string): boolean {
  return /^-?[\w.:-]+(\s*,\s*-?[\w.:-]+)*$/.test(text);
}

/** Web origins with a scheme, separated by commas; `*` stands for any part, or alone for all. */
export function areOrigins(text: string): boolean {
  return text.split(',').every((one) => /^(\*|[a-z][a-z\d+.-]*:\/\/[^\s/?#,]+\/?)$/i.test(one.trim()));
}

/** Whether every page of the web is among them. */
export function isAnyOrigin(text: string): boolean {
  return text.split(',').some((one) => /^(https?:\/\/)?\*(:\*)?\/?$/i.test(one.trim()));
}

/** A proxy that Ollama and Hearth know how to use. */
export function isProxy(text: string): boolean {
  return isUrl(text, /^https?:$/);
}

export function isWebAddress(text: string): boolean {
  return isUrl(text, /^https?:$/);
}

function isUrl(text: string, protocol: RegExp): boolean {
  if (/\s/.test(text) || !/^[a-z\d+.-]+:\/\/[^/]/i.test(text) || !URL.canParse(text)) return false;
  return protocol.test(new URL(text).protocol);
}
