// When two names mean one model of Ollama.

/** Whether two names mean one model: `qwen2.5` is `qwen2.5:latest`. */
export function isSameModel(name: string, other: string | null): boolean {
  return other !== null && withTag(name) === withTag(other);
}

/** The name with its tag: `qwen2.5:latest` for `qwen2.5`. A colon before the last slash belongs to the port of a registry. */
export function withTag(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
}
