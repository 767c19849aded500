"""Forecasts of short series of counts, each tested on its own past before it is shown."""

from __future__ import annotations

from analysis.methods.forecast.counts import Forecast, forecast_counts

__all__ = ["Forecast", "forecast_counts"]
