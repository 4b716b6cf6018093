// Another page than index.html; nothing else is set.
export default { build: { emptyOutDir: true, rollupOptions: { input: 'worker.html' } } };
