// The bar at the top. Its theme is the console's: the same cookie, so that both look alike.
const themes = ['system', 'light', 'dark'];
const button = document.getElementById('q-theme');

function show(theme) {
  document.documentElement.dataset.theme = theme;
  button.textContent = { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' }[theme];
}

button.addEventListener('click', () => {
  const theme = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
  show(theme);
});
show(document.documentElement.dataset.theme);
