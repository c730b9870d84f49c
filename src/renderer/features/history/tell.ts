// What main refused, said in a toast.
import { CircleAlert } from 'lucide-react';
import { asErrorInfo } from '../../lib/index.ts';
import { showToast } from '../../ui/index.ts';

export function tellFailure(error: unknown): void {
  showToast({ text: asErrorInfo(error).message, icon: CircleAlert });
}
