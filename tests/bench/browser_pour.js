// Pours stories into their regions. Every piece is a link that tells its place in the
// reading order, its role and its story: a PDF keeps the boxes of links.
let order = 0;

function marked(role, story, html, style) {
  const link = document.createElement('a');
  link.href = `https://truth.invalid/${order++}/${role}/${story}`;
  link.style.display = 'block';
  const inner = document.createElement('div');
  inner.innerHTML = html;
  inner.style.cssText = style || '';
  link.append(inner);
  return link;
}

function place(x, y, w, style) {
  const box = document.createElement('div');
  box.style.cssText = `position:absolute;left:${x}px;top:${y}px;width:${w}px;${style || ''}`;
  document.body.append(box);
  return box;
}

const NOT_FIRST = /[，。、；：！？”’）》】」』…—%℃,.;:!?)]/;
const NOT_LAST = /[（“‘《【「『(]/;
const INSIDE = /[A-Za-z0-9.\u00ad]/;

// The longest beginning of the text that fits, ended where a line may end.
function longest(text, fits) {
  let low = 0, high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(text.slice(0, middle))) low = middle; else high = middle - 1;
  }
  if (low === text.length) return low;
  while (low > 0 && (NOT_FIRST.test(text[low]) || NOT_LAST.test(text[low - 1]) ||
         (INSIDE.test(text[low]) && INSIDE.test(text[low - 1])))) low--;
  return low;
}

function pour(job, below, share, made, dropped) {
  const matter = job.pieces.slice(0, job.pieces.length - dropped);
  const queue = matter.concat(job.closing).map((piece) => ({ ...piece }));
  for (const region of job.regions) {
    if (!queue.length) break;
    const top = region.y + (region.u ? below : 0);
    const room = Math.floor(((region.h - (region.u ? below : 0)) * share) / job.line) * job.line;
    if (room < job.line) continue;
    const box = place(region.x, top, region.w);
    made.push(box);
    for (const f of region.floats || []) box.insertAdjacentHTML('beforeend', f);
    while (queue.length) {
      const piece = queue[0];
      const link = marked(piece.role, job.id, piece.html || piece.text, piece.style);
      link.dataset.role = piece.role;
      box.append(link);
      if (box.offsetHeight <= room + 1) { queue.shift(); continue; }
      const inner = link.firstChild;
      const fits = (part) => { inner.textContent = part; return box.offsetHeight <= room + 1; };
      const count = piece.role === 'body' && !piece.whole ? longest(piece.text, fits) : 0;
      if (count < 6) { link.remove(); order--; break; }
      inner.textContent = piece.text.slice(0, count);
      inner.style.textAlignLast = 'justify';
      queue[0] = { ...piece, text: piece.text.slice(count), style: piece.style + ';text-indent:0' };
      break;
    }
    while (box.lastChild && box.lastChild.dataset && box.lastChild.dataset.role === 'subhead') {
      // A subhead does not close a column.
      const link = box.lastChild;
      queue.unshift({ role: 'subhead', text: link.textContent, style: link.firstChild.style.cssText });
      link.remove();
      order--;
    }
  }
  return queue.length === 0;
}

function picture(job, figure, below) {
  const dy = figure.u ? below : 0;
  let top = figure.y + dy;
  const words = figure.caption;
  const set = (x, y) => {
    const box = place(x, y, words.w);
    box.append(marked('caption', job.id, words.html, words.style));
    return box;
  };
  let over = null;
  if (words && words.at === 'above') {
    over = place(figure.x, top, words.w);
    over.innerHTML = `<div style="${words.style}">${words.html}</div>`;
    top += over.offsetHeight + 3;
  }
  for (const image of figure.images) {
    const box = place(image.x, top + image.y, image.w, `height:${image.h}px;overflow:hidden`);
    const kind = figure.drawn ? 'illustration' : 'photo';
    box.append(marked(kind, job.id,
      `<img src="${image.src}" style="display:block;width:${image.w}px;height:${image.h}px">`));
  }
  if (!words) return;
  if (over) { over.remove(); set(figure.x, figure.y + dy); }
  else if (words.at === 'inside') {
    const box = set(words.x, top);
    box.style.top = `${top + figure.h - box.offsetHeight - 4}px`;
  } else set(words.x, top + words.y);
}

function story(job) {
  let below = 0;
  const start = order, own = [];
  if (job.back) {
    const panel = place(job.back.x, job.back.y, job.back.w, `height:${job.back.h}px`);
    own.push(panel);
    panel.append(marked('photo', job.id,
      `<img src="${job.back.src}" style="display:block;width:${job.back.w}px;height:${job.back.h}px">`));
  }
  if (job.head) {
    const head = place(job.head.x, job.head.y, job.head.w, job.head.style);
    own.push(head);
    for (const part of job.head.parts) head.append(marked(part.role, job.id, part.html, part.style));
    below = head.offsetHeight + job.head.gap;
  }
  const first = order;
  let made = [], done = false, dropped = 0;
  const attempt = (share) => {
    for (const box of made) box.remove();
    made = [];
    order = first;
    return pour(job, below, share, made, dropped);
  };
  for (; !done && dropped < job.pieces.length; dropped++) {
    for (const share of job.balance ? [0.5, 0.58, 0.66, 0.74, 0.82, 0.9, 1] : [1]) {
      done = attempt(share);
      if (done) break;
    }
    if (done) break;
  }
  if (!done && job.pieces.length) {
    // No room for a word: the story is left out.
    for (const box of [...made, ...own]) box.remove();
    order = start;
    job.figures = [];
  }
  if (dropped) {
    const note = place(0, 0, 2, 'height:2px');
    note.innerHTML = `<a href="https://truth.invalid/0/dropped-${dropped}/${job.id}" ` +
      'style="display:block;width:2px;height:2px"></a>';
  }
  for (const figure of job.figures) picture(job, figure, below);
  if (job.lead) {
    const start = made[0] && made[0].querySelector('a[href*="/body/"] > div');
    if (start && start.textContent.startsWith(job.lead.text)) {
      const rest = start.textContent.slice(job.lead.text.length);
      start.innerHTML = `<span style="${job.lead.style}">${job.lead.text}</span>${rest}`;
    }
  }
}

for (const job of JOBS) story(job);
