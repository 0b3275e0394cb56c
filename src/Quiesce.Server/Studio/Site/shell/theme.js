// Runs before anything is drawn, so that the bar never flashes in the wrong theme.
const chosen = localStorage.getItem('quiesce-theme');
document.documentElement.dataset.theme = chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
