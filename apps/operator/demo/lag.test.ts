import { describe, expect, it } from '@jest/globals';
import { createLagMeter } from './lag.ts';

const file = (size: number, fileName = 'a.log', instanceId = 'orders-1') => ({ instanceId, fileName, size });

describe('the lag meter', () => {
  it('is 0 where nothing was listed, and where all that was is archived', () => {
    const meter = createLagMeter();
    expect(meter.lag(5000)).toEqual({ p50: 0, max: 0 });
    meter.listed(file(10), 1000);
    meter.archived(file(10), 10);
    expect(meter.lag(5000)).toEqual({ p50: 0, max: 0 });
  });

  it('is the age of the oldest listing that is not archived as far as it said', () => {
    const meter = createLagMeter();
    meter.listed(file(10), 1000);
    meter.listed(file(20), 2000);
    meter.listed(file(20), 3000);
    meter.listed(file(30), 4000);
    expect(meter.lag(5000).max).toBe(4);
    meter.archived(file(0), 9);
    expect(meter.lag(5000).max).toBe(4);
    meter.archived(file(0), 20);
    expect(meter.lag(5000).max).toBe(1);
    meter.archived(file(0), 35);
    expect(meter.lag(5000).max).toBe(0);
  });

  it('takes the oldest file of each instance, and the median and the worst of the instances', () => {
    const meter = createLagMeter();
    meter.listed(file(10, 'a.log', 'a'), 9000);
    meter.listed(file(10, 'b.log', 'a'), 8000);
    meter.listed(file(10, 'a.log', 'b'), 5000);
    meter.listed(file(10, 'a.log', 'c'), 9500);
    meter.archived(file(10, 'a.log', 'c'), 10);
    expect(meter.lag(10_000)).toEqual({ p50: 2, max: 5 });
  });

  it('begins again when a smaller file has the name', () => {
    const meter = createLagMeter();
    meter.listed(file(100), 1000);
    meter.listed(file(5), 4000);
    expect(meter.lag(5000).max).toBe(1);
    meter.archived(file(0), 5);
    expect(meter.lag(5000).max).toBe(0);
  });
});
