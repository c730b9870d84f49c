// Whether the sidebar shows: beside the pane in a wide window (remembered in the settings), over it in a narrow one.
import { useCallback, useEffect, useState } from 'react';
import { CircleAlert } from 'lucide-react';
import { saveSettings, useSettings } from '../features/settings/index.ts';
import type { Place } from '../lib/index.ts';
import { showToast } from '../ui/index.ts';

/** Below this width the sidebar would leave too little for reading. */
const NARROW = '(max-width: 959px)';

export interface SidebarState {
  isShown: boolean;
  isOver: boolean;
  toggle: () => void;
  /** Puts it away when it lies over the pane; beside the pane it stays. */
  closeOver: () => void;
}

/** @param place what the pane shows: the sidebar over it has done its work once another page is chosen there */
export function useSidebar(place: Place): SidebarState {
  const isNarrow = useMedia(NARROW);
  const isRemembered = useSettings((state) => state.settings?.window.isSidebarOpen ?? true);
  const [openedOver, setOpenedOver] = useState<Place | null>(null);
  const isOver = isNarrow && openedOver === place;

  const toggle = useCallback(() => {
    if (isNarrow) {
      setOpenedOver(isOver ? null : place);
      return;
    }
    void remember(!isRemembered);
  }, [isNarrow, isOver, isRemembered, place]);
  const closeOver = useCallback(() => setOpenedOver(null), []);

  return { isShown: isNarrow ? isOver : isRemembered, isOver, toggle, closeOver };
}

async function remember(isSidebarOpen: boolean): Promise<void> {
  const problem = await saveSettings({ window: { isSidebarOpen } });
  if (problem) showToast({ text: problem.message, icon: CircleAlert });
}

function useMedia(query: string): boolean {
  const [isMatch, setIsMatch] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const follow = () => setIsMatch(media.matches);
    follow();
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [query]);
  return isMatch;
}
