/** A report's numbers as a chart; the table beside it says the same. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { prefs } from "../browser";
import { language, t } from "../i18n";
import { measured } from "../i18n/format";
import type { Report } from "../types";

const HEIGHT_PX = 260;

/** A colour of the page as it is now. */
function colour(name: string): string {
  const probe = document.createElement("span");
  probe.className = `ink-${name}`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function options(report: Report, width: number): uPlot.Options {
  const labels = report.groups.map((group) => group.label);
  const soft = colour("soft");
  const line = colour("line");
  const accent = colour("accent");
  const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const bars = uPlot.paths.bars?.({ size: [0.6, 64] });
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, labels.length - 0.4] },
      y: { range: (_chart, _least, most) => [0, most > 0 ? most * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => labels.map((_label, index) => index),
        values: (_chart, splits) => splits.map((at) => shortened(labels[at] ?? "", labels.length)),
      },
      { ...axis, size: 70, values: (_chart, values) => values.map((value) => measured(language(), value, report.unit)) },
    ],
    series: [{}, { stroke: accent, fill: accent, ...(bars ? { paths: bars } : {}), points: { show: false } }],
  };
}

/** Days without their year, and every other label when there are many. */
function shortened(label: string, many: number): string {
  const [, month, day] = /^\d{4}-(\d{2})-(\d{2})$/.exec(label) ?? [];
  const short = day ? `${day}.${month}` : label;
  return many > 20 && Number(day) % 5 !== 0 && day ? "" : short;
}

export function Chart({ report }: { report: Report }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const theme = prefs.theme.value;
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    let chart: uPlot | null = null;
    const draw = (): void => {
      chart?.destroy();
      const data: uPlot.AlignedData = [report.groups.map((_group, index) => index), report.groups.map((group) => group.value)];
      chart = new uPlot(options(report, Math.max(200, place.clientWidth)), data, place);
    };
    draw();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const sized = new ResizeObserver(() => chart?.setSize({ width: Math.max(200, place.clientWidth), height: HEIGHT_PX }));
    sized.observe(place);
    dark.addEventListener("change", draw);
    return () => {
      sized.disconnect();
      dark.removeEventListener("change", draw);
      chart?.destroy();
    };
  }, [report, theme, prefs.language.value]);
  return (
    <figure class="chart">
      <div ref={box} role="img" aria-label={t.value.wall.report.chart(report.name)} />
    </figure>
  );
}
