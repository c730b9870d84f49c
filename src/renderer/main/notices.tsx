// What the user should know but need not act on at once, below the bar of the main pane.
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../contract/app.ts';
import { asErrorInfo, getClient } from '../lib/index.ts';
import { Note, showToast } from '../ui/index.ts';

export function Notices({ notices }: { notices: Notice[] }) {
  const { t } = useTranslation('app');
  const dismiss = (id: string) => {
    getClient()
      .app.dismissNotice({ id })
      .catch((error: unknown) => showToast({ text: asErrorInfo(error).message, icon: CircleAlert }));
  };
  return (
    <div className="col grid flex-none gap-2 pb-2" role="status">
      {notices.map((notice) => (
        <Note
          key={notice.id}
          tone="warn"
          icon={TriangleAlert}
          dismiss={{ label: t('notice.dismiss'), run: () => dismiss(notice.id) }}
        >
          {notice.info.message}
        </Note>
      ))}
    </div>
  );
}
