import type { AppState } from '@redcontrol/contract';
import { Chip, HealthChip } from '../../parts/chips.tsx';
import { useTranslate } from '../../words/language.tsx';
import { WebAddress } from '../overview/environment-row.tsx';

/** Each of several apps that are live: where it answers, and since which release it runs. */
export function EnvironmentApps({ apps }: { apps: readonly AppState[] }) {
  const t = useTranslate();
  return (
    <div className="sheet scrolls">
      <table className="facts" aria-label={t('apps')}>
        <thead><tr><th scope="col">{t('apps.app')}</th><th scope="col">{t('state')}</th><th scope="col">{t('apps.release')}</th><th scope="col">{t('environment.runs')}</th><th scope="col">{t('address')}</th></tr></thead>
        <tbody>
          {apps.map(({ name, url, health, release, commit, instances }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{url === null ? <Chip tone="idle">{t('apps.no-web')}</Chip> : <HealthChip health={health} />}</td>
              <td className="tight"><strong>#{release}</strong> <span className="mono">{commit.slice(0, 8)}</span></td>
              <td className="tight">{url !== null && t('count.instances', { count: instances })}</td>
              <td>{url !== null && <WebAddress url={url} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
