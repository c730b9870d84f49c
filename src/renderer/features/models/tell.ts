// What went wrong with something that has no place of its own on screen.
import { CircleAlert } from 'lucide-react';
import { asErrorInfo } from '../../lib/index.ts';
import { showToast } from '../../ui/index.ts';

/** Says main's sentence in a toast. */
export function tellFailure(error: unknown): void {
  tellSentence(asErrorInfo(error).message);
}

export function tellSentence(text: string): void {
  showToast({ text, icon: CircleAlert });
}
