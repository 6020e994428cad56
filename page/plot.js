// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
//
// Lines over time, as SVG: gaps where nothing is known, a legend that tells the values under the pointer. Colours are
// the style sheet's.
const Plot = (() => {
  'use strict';
  const HEIGHT = 190, LEFT = 48, RIGHT = 8, TOP = 8, BOTTOM = 26, LABEL_WIDTH = 64, LABEL_HEIGHT = 34;
  const STEPS_S = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

  function make(name, attributes, ...children) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  // the least of 1, 2, 5, 10, 20, ... of which no more than `most` fit into `range`
  function niceStep(range, most) {
    const power = 10 ** Math.floor(Math.log10(range / most));
    return [1, 2, 5, 10].map(times => times * power).find(step => range / step <= most + 1e-9);
  }

  function multiples(step, from, to) {
    const count = Math.max(0, Math.floor((to - from) / step + 1e-9) + 1);
    return Array.from({length: count}, (nothing, index) => from + index * step);
  }

  class Plot {
    // names: of the lines; show(value), tick(value), clock(seconds): as text; least: of the axis; bands: [[from, to]];
    // stepped: a value holds since the one before; spans: lines go on over gaps
    constructor(figure, options) {
      Object.assign(this, {figure, ...options, times: [], columns: []});
      this.svg = make('svg', {height: HEIGHT, width: '100%', 'aria-hidden': 'true'});
      this.at = document.createElement('span');
      this.values = this.names.map(() => document.createElement('b'));
      const legend = document.createElement('div');
      legend.className = 'legend';
      legend.append(this.at, ...this.names.map((name, index) => {
        const entry = document.createElement('span');
        entry.className = `key line-${index % 4 + 1}`;
        entry.append(name, ' ', this.values[index]);
        return entry;
      }));
      figure.append(this.svg, legend);
      this.svg.addEventListener('pointermove', event => this.point(event.clientX));
      this.svg.addEventListener('pointerleave', () => this.point(null));
    }

    set(times, columns) {
      Object.assign(this, {times, columns});
      this.draw();
    }

    x(time) {
      return LEFT + (time - this.first) / (this.last - this.first) * (this.width - LEFT - RIGHT);
    }

    y(value) {
      return HEIGHT - BOTTOM - value / this.top * (HEIGHT - BOTTOM - TOP);
    }

    draw() {
      const highest = this.columns.flat().reduce((most, value) => Math.max(most, value || 0), 0);
      this.width = this.svg.clientWidth || this.figure.clientWidth;
      this.first = this.times[0];
      this.last = Math.max(this.times[this.times.length - 1], this.first + 120);
      this.top = Math.max(this.least, highest * 1.08);
      this.mark = make('g', {});
      this.svg.replaceChildren(...this.drawBands(), ...this.drawGrid(), ...this.columns.map((column, index) =>
        make('path', {class: `line line-${index % 4 + 1}`, 'stroke-dasharray': index ? '6 3' : 'none', d: this.path(column)})),
      this.mark);
    }

    drawBands() {
      return (this.bands || []).filter(([from]) => from < this.top).map(([from, to]) => make('rect', {class: 'reference',
        x: LEFT, width: Math.max(0, this.width - LEFT - RIGHT), y: this.y(Math.min(to, this.top)),
        height: this.y(from) - this.y(Math.min(to, this.top))}));
    }

    drawGrid() {
      const shift = new Date(this.first * 1000).getTimezoneOffset() * 60, range = this.last - this.first;
      const most = Math.max(1, Math.floor((this.width - LEFT - RIGHT) / LABEL_WIDTH));
      const step = STEPS_S.find(one => range / one <= most) || STEPS_S[STEPS_S.length - 1];
      const begin = Math.ceil((this.first - shift) / step) * step + shift;
      const across = multiples(niceStep(this.top, Math.floor((HEIGHT - TOP - BOTTOM) / LABEL_HEIGHT)), 0, this.top);
      return [
        ...across.map(value => make('path', {class: 'grid', d: `M${LEFT} ${this.y(value)}H${this.width - RIGHT}`})),
        ...across.map(value => make('text', {x: LEFT - 6, y: this.y(value) + 4, 'text-anchor': 'end'}, this.tick(value))),
        ...multiples(step, begin, this.last).flatMap(time => [
          make('path', {class: 'grid', d: `M${this.x(time)} ${TOP}V${HEIGHT - BOTTOM}`}),
          make('text', {x: this.x(time), y: HEIGHT - 8, 'text-anchor': 'middle'}, this.clock(time))]),
      ];
    }

    path(column) {
      let drawing = false, text = '';
      column.forEach((value, index) => {
        if (value === null) {
          drawing = drawing && this.spans;
          return;
        }
        const x = this.x(this.times[index]).toFixed(1), y = this.y(value).toFixed(1);
        text += !drawing ? `M${x} ${y}` : this.stepped ? `V${y}H${x}` : `L${x} ${y}`;
        drawing = true;
      });
      return text;
    }

    point(clientX) {
      if (!this.times.length) return;
      const x = clientX - this.svg.getBoundingClientRect().left, step = this.times[1] - this.times[0] || 1;
      const time = this.first + (x - LEFT) / (this.width - LEFT - RIGHT) * (this.last - this.first);
      const index = Math.round((time - this.first) / step), known = clientX !== null && index in this.times;
      const value = column => known && column[index] !== null && column[index] !== undefined ? column[index] : null;
      this.at.textContent = known ? this.clock(this.times[index]) : '';
      this.mark.replaceChildren();
      if (known) this.mark.append(make('path', {class: 'grid', d: `M${this.x(this.times[index])} ${TOP}V${HEIGHT - BOTTOM}`}));
      this.columns.forEach((column, number) => {
        this.values[number].textContent = value(column) === null ? '' : this.show(value(column));
        if (value(column) !== null)
          this.mark.append(make('circle', {class: `dot line-${number % 4 + 1}`, r: 3, cx: this.x(this.times[index]),
            cy: this.y(value(column))}));
      });
    }
  }
  return Plot;
})();
