"""Parts: master data, stock in depots and vans, arrivals and shortages."""
