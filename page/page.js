// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
//
// Fetches the page anew while somebody looks, replaces what is marked data-live, and draws the plots. Without
// this file the page is complete, but stands still.
(() => {
  'use strict';
  const REFRESH_MS = 5000, PATIENCE_MS = 8000, HISTORY_MS = {recent: 10000, day: 60000};
  const $ = id => document.getElementById(id);
  const clock = date => date.toLocaleTimeString([], {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});

  // -- the page --

  let answered = Date.now(), ageThen = Number($('freshness').dataset.ageS), failed = false, timer = 0;

  function showFreshness() {
    const line = $('freshness'), age = Math.max(0, Math.round(ageThen + (Date.now() - answered) / 1000));
    document.documentElement.classList.toggle('lost', failed);
    line.classList.toggle('lost', failed);
    line.textContent = failed
      ? `The agent does not answer since ${clock(new Date(answered))}. What stands here is from then.`
      : `Updated ${clock(new Date(answered))}, data ${age < 2 ? 'of this moment' : age + ' s old'}`;
  }

  function keep(region) {
    const open = [...region.querySelectorAll('details[id][open]')].map(one => one.id);
    const focused = region.contains(document.activeElement) ? document.activeElement : null;
    const id = focused && (focused.id || (focused.tagName === 'SUMMARY' && focused.parentElement.id));
    return () => {
      open.forEach(one => $(one) && ($(one).open = true));
      const again = id && $(id);
      if (again) (again.tagName === 'DETAILS' ? again.querySelector('summary') : again).focus({preventScroll: true});
    };
  }

  function isSelected(region) {
    const selection = getSelection();
    return !selection.isCollapsed && region.contains(selection.anchorNode);
  }

  function replace(fresh) {
    for (const region of document.querySelectorAll('[data-live]')) {
      const other = fresh.getElementById(region.id);
      if (!other || region.id === 'freshness' || region.received === other.innerHTML || isSelected(region)) continue;
      const restore = keep(region);
      region.received = other.innerHTML;
      region.replaceChildren(...document.importNode(other, true).childNodes);
      restore();
    }
  }

  function announce(before) {
    const now = $('answer') && $('answer').dataset.answer;
    if (now !== before) $('say').textContent = $('answer').querySelector('h2').textContent;
  }

  async function refresh() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const before = $('answer') && $('answer').dataset.answer;
      const reply = await fetch('/', {signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store'});
      if (!reply.ok) throw new Error(reply.status);
      const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html');
      ageThen = Number(fresh.getElementById('freshness').dataset.ageS);
      answered = Date.now();
      failed = false;
      replace(fresh);
      announce(before);
    } catch (error) {
      if (!failed) $('say').textContent = 'The agent does not answer.';
      failed = true;
    }
    showFreshness();
    timer = setTimeout(refresh, REFRESH_MS);
  }

  // -- the plots --

  const mbits = value => value === null ? null : value * 8 / 1e6;
  const tebi = value => value === null ? null : value / 2 ** 40;
  const round = value => value === null || value === undefined ? '–'
    : value >= 100 ? Math.round(value).toString() : value.toFixed(value >= 10 ? 1 : 2);
  // of the seed's two-bay NAS: backup untuned, zeroing a disk, backup tuned
  const REFERENCES = [[420, 430], [445, 495], [560, 590]];

  const PLOTS = [
    {title: 'Throughput', unit: 'Mbit/s', least: 10, bands: REFERENCES,
      columns: data => [['in', data.in_bytes_per_s.map(mbits)], ['out', data.out_bytes_per_s.map(mbits)]]},
    {title: 'Processor', unit: '%', least: 100,
      columns: data => [['busy', data.cpu_busy_percent], ['waiting for disks', data.cpu_iowait_percent]]},
    {title: 'Free space', unit: 'TiB', least: 0.1, state: true,
      columns: data => data.volumes.map(volume => [volume.id, volume.free_bytes.map(tebi)])},
    {title: 'SMB connections', unit: '', least: 4, whole: true, stepped: true, state: true,
      columns: data => [['connections', data.smb_connections]]},
  ];
  let range = 'day', history = null, historyTimer = 0, drawn = [];

  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function summary(plot, columns) {
    const [name, values] = columns[0] || ['', []], known = values.filter(value => value !== null);
    if (!known.length) return 'Nothing recorded yet';
    const show = value => (plot.whole ? value : round(value)) + (plot.unit && ' ' + plot.unit);
    return `${name}: now ${show(known[known.length - 1])}, least ${show(Math.min(...known))}, most ${show(Math.max(...known))}`;
  }

  function drawBands(bands) {
    return chart => {
      const {left, top, width, height} = chart.bbox;
      chart.ctx.save();
      chart.ctx.fillStyle = style('--reference');
      chart.ctx.globalAlpha = 0.35;
      for (const [from, to] of bands) {
        const low = chart.valToPos(from, 'y', true), high = chart.valToPos(to, 'y', true);
        if (high >= top && low <= top + height) chart.ctx.fillRect(left, high, width, low - high);
      }
      chart.ctx.restore();
    };
  }

  function options(plot, columns, width) {
    const axis = {stroke: style('--quiet'), grid: {stroke: style('--line'), width: 1}, ticks: {show: false},
      font: '12px system-ui, sans-serif'};
    return {
      width, height: 190, legend: {live: true}, cursor: {points: {size: 6}},
      scales: {x: {range: (chart, first, last) => [first, Math.max(last, first + 120)]}, y: {range: (chart, low, high) => [0, Math.max(plot.least, (high || 0) * 1.08)]}},
      hooks: plot.bands ? {drawClear: [drawBands(plot.bands)]} : {},
      axes: [{...axis, size: 30, values: (chart, ticks) => ticks.map(tick => clock(new Date(tick * 1000))), space: 64},
        {...axis, size: 48, values: (chart, ticks) => ticks.map(tick => plot.whole && tick % 1 ? '' : String(+tick.toFixed(3)))}],
      series: [{label: '', value: (chart, at) => at ? clock(new Date(at * 1000)) : ''},
        ...columns.map(([name], index) => ({label: name, stroke: style(`--plot-${index % 4 + 1}`), width: 1.75,
          points: {show: false}, dash: index ? [6, 3] : undefined, spanGaps: !!plot.state,
          paths: plot.stepped ? uPlot.paths.stepped({align: -1}) : undefined,
          value: (chart, value) => value === null || value === undefined ? '' : plot.whole ? String(value) : `${round(value)} ${plot.unit}`}))],
    };
  }

  // the frames come first: how wide each is depends on how many there are
  function addFrame(plot, data) {
    const figure = document.createElement('figure'), title = document.createElement('h3');
    const caption = document.createElement('figcaption'), columns = plot.columns(data);
    figure.className = 'plot';
    title.textContent = plot.title + (plot.unit && ', ' + plot.unit);
    caption.textContent = summary(plot, columns);
    figure.append(title, caption);
    $('plots').append(figure);
    return {plot, figure, caption, columns, names: columns.map(([name]) => name).join('\n')};
  }

  function drawPlot(frame, times) {
    frame.chart = new uPlot(options(frame.plot, frame.columns, frame.figure.clientWidth - 32),
      [times, ...frame.columns.map(([, values]) => values)], frame.figure);
    frame.chart.root.querySelector('canvas').setAttribute('aria-hidden', 'true');
  }

  function updatePlots(data, times) {
    for (const one of drawn) {
      const columns = one.plot.columns(data);
      one.caption.textContent = summary(one.plot, columns);
      one.chart.setData([times, ...columns.map(([, values]) => values)]);
    }
  }

  function draw(anew) {
    const data = history && history[range];
    if (!data || !data.in_bytes_per_s.length) {
      $('plots').textContent = 'Nothing recorded yet.';
      return;
    }
    const start = data.start ? Date.parse(data.start) / 1000 : Date.now() / 1000 - data.step_s * data.in_bytes_per_s.length;
    const times = data.in_bytes_per_s.map((value, index) => start + index * data.step_s);
    const names = PLOTS.map(plot => plot.columns(data).map(([name]) => name).join('\n')).join('\n');
    if (!anew && drawn.length && drawn.map(one => one.names).join('\n') === names) return updatePlots(data, times);
    drawn.forEach(one => one.chart.destroy());
    drawn = [];
    $('plots').replaceChildren();
    drawn = PLOTS.filter(plot => plot.columns(data).length).map(plot => addFrame(plot, data));
    drawn.forEach(frame => drawPlot(frame, times));
  }

  // one step alone has an end, too: a single point would be no line
  function widen(part) {
    if (!part || part.in_bytes_per_s.length !== 1) return;
    const twice = values => values.push(values[0]);
    Object.values(part).filter(Array.isArray).filter(values => values !== part.volumes).forEach(twice);
    part.volumes.forEach(volume => twice(volume.free_bytes));
  }

  async function refreshHistory() {
    clearTimeout(historyTimer);
    if (document.hidden) return;
    try {
      const reply = await fetch('/v1/history', {signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store'});
      if (reply.ok) history = await reply.json();
      if (history) [history.day, history.recent].forEach(widen);
      draw(false);
    } catch (error) {
      // the line at the top says that the agent does not answer
    }
    historyTimer = setTimeout(refreshHistory, HISTORY_MS[range]);
  }

  function addButtons() {
    const group = document.createElement('div');
    group.className = 'range';
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'How far back');
    for (const [name, text] of [['recent', '10 minutes'], ['day', '24 hours']]) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      button.setAttribute('aria-pressed', name === range);
      button.addEventListener('click', () => {
        range = name;
        group.querySelectorAll('button').forEach(one => one.setAttribute('aria-pressed', one === button));
        draw(true);
        refreshHistory();
      });
      group.append(button);
    }
    document.querySelector('#history .title').append(group);
  }

  addButtons();
  document.addEventListener('visibilitychange', () => document.hidden || (refresh(), refreshHistory()));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(true));
  new ResizeObserver(() => drawn.forEach(one =>
    one.chart.setSize({width: one.figure.clientWidth - 32, height: 190}))).observe($('plots'));
  timer = setTimeout(refresh, REFRESH_MS);
  setInterval(showFreshness, 1000);
  refreshHistory();
})();
