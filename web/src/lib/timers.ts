/** Kitchen timers: they outlive a change of page, ring until they are stopped, and go by the clock, not by ticks. */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

interface Timer {
  id: number;
  label: string;
  endsAt: number;
}

const running = signal<Timer[]>(kept());
let audio: AudioContext | null = null;
let last = Date.now();

function kept(): Timer[] {
  try {
    return JSON.parse(sessionStorage.getItem('timers') ?? '[]') as Timer[];
  } catch {
    return [];
  }
}

running.subscribe((timers) => sessionStorage.setItem('timers', JSON.stringify(timers)));

function start(label: string, minutes: number): void {
  // Sound may begin only with a press; this is one.
  audio ??= new AudioContext();
  void audio.resume();
  running.value = [...running.value, { id: ++last, label, endsAt: Date.now() + minutes * 60_000 }];
}

function stop(id: number): void {
  running.value = running.value.filter((timer) => timer.id !== id);
}

function ring(): void {
  navigator.vibrate?.([200, 100, 200]);
  if (!audio) return;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 880;
  volume.gain.setValueAtTime(0.25, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.6);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.6);
}

export function useTimers() {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!running.value.length) return;
    const ticking = setInterval(() => {
      const time = Date.now();
      tick(time);
      if (running.value.some((timer) => timer.endsAt <= time)) ring();
    }, 1000);
    return () => clearInterval(ticking);
  }, [running.value.length]);
  const now = Date.now();
  const timers = running.value.map((timer) => ({
    id: timer.id,
    label: timer.label,
    left: Math.ceil((timer.endsAt - now) / 1000),
  }));
  return { timers, start, stop };
}
