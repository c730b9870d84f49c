// Names of models as Ollama reads them.

/** `tiny` and `tiny:latest` are one model; names ignore case. */
export function isSameModel(a: string, b: string): boolean {
  return fullName(a) === fullName(b);
}

/** With its tag, in lower case. */
export function fullName(name: string): string {
  const lower = name.toLowerCase();
  return /:[^/]*$/.test(lower) ? lower : `${lower}:latest`;
}
