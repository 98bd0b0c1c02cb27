// SPDX-License-Identifier: Apache-2.0
// Runs before the page is drawn, so that it never flashes in the other theme.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try {
      return localStorage.getItem('petrel-theme');
    } catch {
      return null;
    }
  };
  const apply = () => {
    document.documentElement.dataset.theme = stored() ?? (system.matches ? 'dark' : 'light');
    document.dispatchEvent(new Event('petrel-theme'));
  };
  system.addEventListener('change', apply);
  apply();
  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('#theme')) {
      return;
    }
    const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('petrel-theme', next);
    } catch {
      // Private windows may refuse; the theme then lasts as long as the page.
      document.documentElement.dataset.theme = next;
      document.dispatchEvent(new Event('petrel-theme'));
      return;
    }
    apply();
  });
})();
