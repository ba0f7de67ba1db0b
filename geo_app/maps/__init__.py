"""Maps: the folium shell, what it draws, the basemap, and the files a browser needs."""
