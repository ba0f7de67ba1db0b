// Long work: asks how far it is, and shows the answer when it is there.
"use strict";

const PAUSE = 1000; // between two questions [ms]
const LONGEST = 15000; // between two questions while the server does not answer [ms]

/** Write the progress into the page; words only when they change, so that they are not read out twice. */
function tell(job, news) {
  const words = job.querySelector(".job-words");
  if (words.textContent !== news.words) words.textContent = news.words;
  const bar = job.querySelector("progress");
  if (bar) bar.value = news.done;
}

async function watch(job) {
  for (let pause = PAUSE; ;) {
    await new Promise((go) => { setTimeout(go, pause); });
    try {
      const got = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
      if (!got.ok) throw new Error(`${got.status}`);
      const news = await got.json();
      tell(job, news);
      if (!news.active) { location.reload(); return; }
      pause = PAUSE;
    } catch {
      pause = Math.min(2 * pause, LONGEST);
    }
  }
}

for (const job of document.querySelectorAll("[data-job][data-active]")) watch(job);
// Where there is no quick answer, the work starts by itself; without a script there is a button.
for (const form of document.querySelectorAll("form[data-start]")) form.requestSubmit();
