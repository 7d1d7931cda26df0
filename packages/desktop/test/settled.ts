import type { Page } from 'playwright-core';

const quietMs = 350;
const longestMs = 8_000;

/** Waits until a page has a heading, loads nothing any more, and its text does not change for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const endMs = performance.now() + longestMs;
  let before = '';
  let sinceMs = performance.now();
  while (performance.now() < endMs) {
    const now = await page.evaluate(() => `${document.querySelectorAll('[role="status"][aria-label], .mantine-Skeleton-root').length} ${document.body.innerText.length}`);
    if (now !== before) sinceMs = performance.now();
    else if (now.startsWith('0 ') && performance.now() - sinceMs > quietMs) return;
    before = now;
    await page.waitForTimeout(60);
  }
}
