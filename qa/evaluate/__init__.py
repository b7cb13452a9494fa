"""Measure how well libraries answer collections of questions, and calibrate the evidence."""
