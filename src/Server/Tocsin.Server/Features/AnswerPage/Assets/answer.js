// Makes the answer page work on a bad line: an answer that cannot leave is kept and sent again. The page works without this.
'use strict';
(() => {
  const form = document.querySelector('form');
  const key = 'tocsin-answer:' + location.pathname;
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/a/worker.js', { scope: '/a/' }).catch(() => {});
  if (!form) return;

  const status = document.getElementById('status');
  const say = (text) => {
    const line = document.createElement('p');
    line.className = 'notice';
    line.textContent = text;
    status.replaceChildren(line);
    line.scrollIntoView({ block: 'nearest' });
  };

  // The answer survives a closed page: it is in storage before it is sent, and leaves it only once the server has it.
  const send = async (fields) => {
    const response = await fetch(location.pathname, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    if (response.type !== 'opaqueredirect' && response.status >= 500) throw new Error('not kept');
    localStorage.removeItem(key);
    location.replace(location.pathname + '?lang=' + fields.lang);
  };
  const flush = () => {
    const kept = localStorage.getItem(key);
    if (!kept) return;
    send(JSON.parse(kept)).catch(() => say(form.dataset.kept));
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    fields.at = new Date().toISOString();
    localStorage.setItem(key, JSON.stringify(fields));
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    send(fields)
      .catch(() => say(form.dataset.kept))
      .finally(() => {
        for (const button of form.querySelectorAll('button')) button.disabled = false;
      });
  });

  const position = document.getElementById('position');
  if ('geolocation' in navigator) {
    position.hidden = false;
    position.addEventListener('click', () =>
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude;
          form.elements.longitude.value = coords.longitude;
          form.elements.accuracy.value = coords.accuracy;
          say(form.dataset.position);
        },
        () => say(form.dataset.noPosition),
        { enableHighAccuracy: true, timeout: 15000 },
      ),
    );
  }

  addEventListener('online', flush);
  setInterval(flush, 15000);
  flush();
})();
