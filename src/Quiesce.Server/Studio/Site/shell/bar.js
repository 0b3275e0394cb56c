// The bar at the top: its theme.
const button = document.getElementById('q-theme');

function show(theme) {
  document.documentElement.dataset.theme = theme;
  button.setAttribute('aria-pressed', String(theme === 'dark'));
}

button.addEventListener('click', () => {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  localStorage.setItem('quiesce-theme', theme);
  show(theme);
});
show(document.documentElement.dataset.theme);
