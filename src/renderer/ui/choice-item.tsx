// One of several choices in a menu: a mark beside the chosen one, and a figure at the end.
import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Icon } from './icon.tsx';

/** @param words what it says, also to those who type to find it */
export function ChoiceItem({ value, words, end }: { value: string; words: string; end: string }) {
  return (
    <DropdownMenu.RadioItem className="mi" value={value} textValue={words}>
      <span className="mi-check">
        <DropdownMenu.ItemIndicator>
          <Icon icon={Check} size={14} />
        </DropdownMenu.ItemIndicator>
      </span>
      <span className="clip">{words}</span>
      <span className="end num">{end}</span>
    </DropdownMenu.RadioItem>
  );
}
