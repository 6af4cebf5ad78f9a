import { t, weekday } from '~/i18n';
import { Check } from '~/ui';
import { NumberInput } from '~/ui/NumberInput';

/** What somebody expects of a day; as it was typed. */
export interface Forecast {
  temperature: string;
  rain: boolean;
}

export const NO_FORECAST: Forecast = { temperature: '', rain: false };

interface Props {
  days: readonly string[];
  forecasts: Readonly<Record<string, Forecast>>;
  onChange: (day: string, forecast: Forecast) => void;
}

/** The weather of each day of a plan; days of which nothing is said follow the weather of all. */
export function Weather({ days, forecasts, onChange }: Props) {
  return (
    <details>
      <summary>{t('plan.weather')}</summary>
      <p class="soft small">{t('plan.weather_lead')}</p>
      <ul class="stack-s">
        {days.map((day) => {
          const forecast = forecasts[day] ?? NO_FORECAST;
          return (
            <li key={day} class="grid">
              <NumberInput
                label={t('plan.temperature', { day: weekday(day) })}
                min={-60}
                max={60}
                value={forecast.temperature}
                onText={(temperature) => onChange(day, { ...forecast, temperature })}
              />
              <Check
                label={t('plan.rain_on', { day: weekday(day) })}
                checked={forecast.rain}
                onChange={(rain) => onChange(day, { ...forecast, rain })}
              />
            </li>
          );
        })}
      </ul>
    </details>
  );
}

/** The days of which something is known, as the API takes them. */
export const toWeather = (days: readonly string[], forecasts: Readonly<Record<string, Forecast>>) =>
  days.flatMap((date) => {
    const { temperature, rain } = forecasts[date] ?? NO_FORECAST;
    if (!temperature && !rain) return [];
    return [
      { date, temperature: temperature ? Number(temperature) : null, conditions: rain ? 'rain' : null },
    ];
  });
