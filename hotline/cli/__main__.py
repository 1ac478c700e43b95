"""Lets one process of ours start another, installed script or not: python -m hotline.cli."""

from hotline.cli import main

main()
