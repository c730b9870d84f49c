// Models that are files: told from names, and made absolute for a process that works in another folder.
import path from 'node:path';

/**
 * The URL with its model file made absolute, for a process that works in another folder. Anything else, also what is no
 * backend URL at all, comes back as it is: whoever uses it says what is wrong.
 */
export function absoluteBackendUrl(text: string, cwd: string): string {
  const [, file] = /^llamacpp:\/\/(.+)$/is.exec(text) ?? [];
  if (file === undefined || !isModelFile(file)) return text;
  return `llamacpp://${modelFilePath(file, cwd)}`;
}

/** Whether the model of a `llamacpp://` URL names a file; else it names a model in the models folder. */
export function isModelFile(model: string): boolean {
  return /[/\\]/.test(model) || /\.gguf$/i.test(model);
}

/** Whether a model that is named without a backend can only be a file: Ollama's names have slashes, but not like these. */
export function isModelPath(model: string): boolean {
  return /\.gguf$/i.test(model) || /^(?:[./\\]|[a-z]:[\\/])/i.test(model);
}

/** A model named without a backend, a file made absolute for a process that works in another folder. */
export function absoluteModel(model: string, cwd: string): string {
  return isModelPath(model) ? modelFilePath(model, cwd) : model;
}

/** Where the file lies. `/C:/models/x.gguf` is how a URL holds the path of a Windows drive. */
export function modelFilePath(model: string, cwd: string): string {
  return path.resolve(cwd, model.replace(/^\/(?=[a-z]:[\\/])/i, ''));
}
