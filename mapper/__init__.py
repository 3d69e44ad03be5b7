"""mapper: reads news and military reports and draws what happened where as one offline HTML map."""

__version__ = "0.1.0"
