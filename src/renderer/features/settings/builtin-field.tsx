// What there is to set about Ollama (its address) and about the built-in engine (its model file).
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { Settings, SettingsPatch } from '../../../contract/settings.ts';
import { isServerAddress } from './address.ts';
import { FormField } from './form-field.tsx';

/** Null where there is nothing of the kind. */
export type BuiltinDraft = { setting: 'ollamaAddress' | 'modelPath'; text: string } | null;

export function builtinDraft({ kind, origin }: BackendStatus, { ollama, llamacpp }: Settings): BuiltinDraft {
  if (origin !== 'builtin') return null;
  if (kind === 'ollama') return { setting: 'ollamaAddress', text: ollama.address ?? '' };
  return kind === 'llamacpp' ? { setting: 'modelPath', text: llamacpp.modelPath ?? '' } : null;
}

/** The sentence against it, or null when it can be saved. */
export function builtinFault(draft: BuiltinDraft, t: TFunction<'backendsPage'>): string | null {
  const text = draft?.text.trim() ?? '';
  if (draft === null || text === '') return null;
  const isRight = draft.setting === 'ollamaAddress' ? isServerAddress(text) : isModelPath(text);
  return isRight ? null : t(`edit.${draft.setting}Invalid`);
}

/** Null when nothing changes. */
export function builtinPatch(draft: BuiltinDraft, { ollama, llamacpp }: Settings): SettingsPatch | null {
  if (draft === null) return null;
  const value = draft.text.trim() || null;
  if (draft.setting === 'ollamaAddress') return value === ollama.address ? null : { ollama: { address: value } };
  return value === llamacpp.modelPath ? null : { llamacpp: { modelPath: value } };
}

export interface BuiltinFieldProps {
  draft: BuiltinDraft;
  /** Whether the focus begins here. */
  isFirst: boolean;
  isChecked: boolean;
  onChange: (draft: BuiltinDraft) => void;
}

export function BuiltinField({ draft, isFirst, isChecked, onChange }: BuiltinFieldProps) {
  const { t } = useTranslation('backendsPage');
  if (draft === null) return null;
  return (
    <FormField
      title={t(`edit.${draft.setting}`)}
      isCode
      value={draft.text}
      placeholder={t(`edit.${draft.setting}Hint`)}
      help={t(`edit.${draft.setting}Help`)}
      error={isChecked ? builtinFault(draft, t) : null}
      data-autofocus={isFirst ? '' : undefined}
      onChange={(event) => onChange({ ...draft, text: event.target.value })}
    />
  );
}

/** A full path (or one from the home folder) to a .gguf file; whether it exists only main knows. */
function isModelPath(text: string): boolean {
  return /^(\/|~\/|[a-z]:[\\/]|\\\\).*\.gguf$/i.test(text);
}
